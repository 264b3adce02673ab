"""Where secrets and connections may go."""
