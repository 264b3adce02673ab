"""What the product means; no Flask, no driver."""
