"""Data files into sheets, and sheets into bound inputs."""
