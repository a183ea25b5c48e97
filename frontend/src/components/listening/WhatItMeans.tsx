import { Link } from 'react-router';

/** The way from numbers to what they mean. */
export function WhatItMeans() {
  return (
    <p className="mt-16">
      <Link to="/meanings" className="inline-block min-h-6 text-muted underline decoration-line underline-offset-4 hover:text-ink">
        What these numbers mean
      </Link>
    </p>
  );
}
