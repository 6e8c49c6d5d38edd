"""What people do: recordings and exercises that any body can perform."""
