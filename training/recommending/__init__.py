"""What only the training of the recommender needs: its sequences, its loss, its fusion."""
