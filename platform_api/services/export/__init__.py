"""Everything of one's own, to take away: a ZIP that is written while it is sent, in constant memory."""
