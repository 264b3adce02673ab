"""Labels that instances carry."""
