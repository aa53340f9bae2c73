"""HTTP plumbing that both servers share: routes with roles, problem bodies, ETags, Host and Origin guard."""
