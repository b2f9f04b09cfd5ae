"""What is known of a person, understood and turned into codes."""
