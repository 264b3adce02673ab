"""Who may do what: actions, roles, users, sessions and the login."""
