"""What the measurements of the recommender share: sets, rivals, and one judge for all of them."""
