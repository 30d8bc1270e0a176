"""The ticket's endpoints: reads are shapes of a page of ids, writes are verbs of services."""
