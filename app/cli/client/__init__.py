"""The command line as a client of API v1: over the network, or inside this very process."""
