"""How statements reach two databases: prepared ones, the schema, the address."""
