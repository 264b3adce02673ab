"""What looks across several parts of the register at once; changes nothing."""
