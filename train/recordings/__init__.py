"""What we train and judge on: pairs, and which side everybody is on."""
