"""Named logins that instances refer to; their secrets are sealed."""
