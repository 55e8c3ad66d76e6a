"""Respond: what to say?"""
