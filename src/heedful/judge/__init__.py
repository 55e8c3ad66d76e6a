"""How empathic is a reply? Its mechanisms, what is wrong with it, and what would make it better."""
