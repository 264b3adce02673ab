"""Groups of instances that form one database cluster."""
