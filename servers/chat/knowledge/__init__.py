"""What the product knows by itself: the glossary of terms and strategies."""
