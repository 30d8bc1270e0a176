"""Assignment's pages."""
