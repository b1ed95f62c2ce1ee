"""What a person may ask of their data: stands above all features and asks each for its part."""
