"""The desk's and the portal's pages."""
