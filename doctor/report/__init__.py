"""A diagnosis for people: text for a console, and one HTML page that opens offline."""
