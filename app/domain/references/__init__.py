"""What tags, environments, clusters and credentials share: instances refer to them."""
