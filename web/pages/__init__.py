"""Pages for people, one module a subject; each route asks who looks before it reads anything."""
