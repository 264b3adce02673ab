"""Instances as rows of a file: CSV, XLSX, YAML and JSON, by columns that people know under several names."""
