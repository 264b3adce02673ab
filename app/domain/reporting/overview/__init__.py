"""The whole register at a glance: counts, failures by what they have in common, what wants attention, what changed."""
