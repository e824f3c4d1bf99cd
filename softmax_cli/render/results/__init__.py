"""What each command shows: one module a result. Stands on layout.

A module imports the types that it draws and no other module here. To add a result, write a function that
takes it and a `Screen` and yields lines, and give it to the command's ``deliver``.
"""
