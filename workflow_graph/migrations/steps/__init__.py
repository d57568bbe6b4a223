"""One migration per module; the module is called what the migration is called."""
