"""Withdrawal requests: asked, executed, restored, and followed at other platforms (article 7)."""
