"""What is shared by everything that speaks HTTP: who calls, what they sent, how answers look."""
