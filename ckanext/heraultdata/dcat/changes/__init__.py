"""The changes of the catalogue, for those who follow it: event streams, a feed, an action."""
