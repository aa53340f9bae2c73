"""One folder for each central API the agent can speak."""
