"""Whether a ticket will breach, and when it will be resolved. Pure: no database, no clock."""
