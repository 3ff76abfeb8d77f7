"""One noun a file, ordered by depth: users, contacts, links, meetings, changes, the viewer."""
