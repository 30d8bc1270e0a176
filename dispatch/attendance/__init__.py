"""Who is at work: by the roster, or as the organisation's own attendance service says."""
