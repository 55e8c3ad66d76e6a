"""Perceive: what is felt?"""
