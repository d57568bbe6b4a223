"""A graph with other packs' nodes becomes an equivalent one with the nodes of ComfyUI and Audio Loop alone."""
