"""Providers of video rooms, behind one port."""
