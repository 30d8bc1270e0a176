"""The acts on tickets that service levels add to the desk."""
