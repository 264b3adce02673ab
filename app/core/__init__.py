"""What every other part stands on; knows nothing of HTTP and nothing of the product."""
