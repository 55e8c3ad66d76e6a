"""Understand: why, and what is needed?"""
