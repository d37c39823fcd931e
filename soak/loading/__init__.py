"""What the soaks share: light clients, drags as readers make them, right answers, and what processes cost."""
