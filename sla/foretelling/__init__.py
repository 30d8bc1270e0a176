"""What is foreseen of open tickets, shown and told. What is foreseen is in `sla.prediction`."""
