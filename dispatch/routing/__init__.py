"""Which team a ticket is for, as its like went before. Pure: no database, no clock."""
