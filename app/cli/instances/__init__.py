"""`muster instances`: read and change the register, here or over the network."""
