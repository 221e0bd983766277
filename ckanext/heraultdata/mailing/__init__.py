"""Mails of the portal to its people: each notice once, whatever runs twice."""
