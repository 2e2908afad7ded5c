"""What a hearing is made of and where it is kept."""
