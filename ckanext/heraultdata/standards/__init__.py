"""The registry of standards, their versions and their due dates."""
