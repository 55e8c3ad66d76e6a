"""Help people rehearse listening: a simulated person, a private coach, the other side's view, and drills."""
