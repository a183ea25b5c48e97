import { createBrowserRouter, Navigate, ScrollRestoration, Outlet, useLocation, type RouteObject } from 'react-router';
import { FocusOnArrival } from './FocusOnArrival';
import { FocusStays } from './FocusStays';
import { NotFound } from './NotFound';
import { PageFailed } from './PageFailed';
import { Shell } from './shell/Shell';
import { SignedIn } from './SignedIn';
import { Waiting } from './Starting';
import { Welcome } from './Welcome';

/** The first part of the questions, for the time that was asked for. */
function ToWhen() {
  return <Navigate to={{ pathname: '/explore/when', search: useLocation().search }} replace />;
}

/** Pages inside the frame; each is fetched when first opened. */
const pages: RouteObject[] = [
  { path: 'home', lazy: async () => ({ Component: (await import('@/features/dashboard/HomePage')).HomePage }) },
  {
    path: 'explore',
    lazy: async () => ({ Component: (await import('@/features/explore/ExploreLayout')).ExploreLayout }),
    children: [
      { index: true, element: <ToWhen /> },
      { path: 'when', lazy: async () => ({ Component: (await import('@/features/explore/WhenPage')).WhenPage }) },
      { path: 'what', lazy: async () => ({ Component: (await import('@/features/explore/WhatPage')).WhatPage }) },
      { path: 'how', lazy: async () => ({ Component: (await import('@/features/explore/HowPage')).HowPage }) },
      { path: 'new', lazy: async () => ({ Component: (await import('@/features/explore/NewPage')).NewPage }) },
    ],
  },
  { path: 'import', lazy: async () => ({ Component: (await import('@/features/imports/ImportPage')).ImportPage }) },
  { path: 'wraps', lazy: async () => ({ Component: (await import('@/features/wrap/ShelfPage')).ShelfPage }) },
  { path: 'habits', lazy: async () => ({ Component: (await import('@/features/habits/HabitsPage')).HabitsPage }) },
  {
    path: 'for-you',
    lazy: async () => ({ Component: (await import('@/features/recommendations/ForYouPage')).ForYouPage }),
  },
  { path: 'loved', lazy: async () => ({ Component: (await import('@/features/recommendations/LovedPage')).LovedPage }) },
  { path: 'tracks/:id', lazy: async () => ({ Component: (await import('@/features/tracks/TrackPage')).TrackPage }) },
  { path: 'artists/:id', lazy: async () => ({ Component: (await import('@/features/tracks/ArtistPage')).ArtistPage }) },
  { path: 'albums/:id', lazy: async () => ({ Component: (await import('@/features/tracks/AlbumPage')).AlbumPage }) },
  { path: 'history', lazy: async () => ({ Component: (await import('@/features/history/HistoryPage')).HistoryPage }) },
  {
    path: 'recordings',
    lazy: async () => ({ Component: (await import('@/features/recordings/RecordingsPage')).RecordingsPage }),
  },
  {
    path: 'community',
    lazy: async () => ({ Component: (await import('@/features/community/CommunityPage')).CommunityPage }),
  },
  { path: 'posts/:id', lazy: async () => ({ Component: (await import('@/features/community/PostPage')).PostPage }) },
  { path: 'top/:kind', lazy: async () => ({ Component: (await import('@/features/rankings/RankingPage')).RankingPage }) },
  {
    path: 'notifications',
    lazy: async () => ({ Component: (await import('@/features/community/NotificationsPage')).NotificationsPage }),
  },
  {
    path: 'people/:handle',
    lazy: async () => ({ Component: (await import('@/features/community/PersonPage')).PersonPage }),
  },
  {
    path: 'playlists',
    lazy: async () => ({ Component: (await import('@/features/playlists/PlaylistsPage')).PlaylistsPage }),
  },
  {
    path: 'playlists/:id',
    lazy: async () => ({ Component: (await import('@/features/playlists/PlaylistPage')).PlaylistPage }),
  },
  { path: 'meanings', lazy: async () => ({ Component: (await import('@/features/meanings/MeaningsPage')).MeaningsPage }) },
  { path: 'sound', lazy: async () => ({ Component: (await import('@/features/sound/SoundPage')).SoundPage }) },
  { path: 'story/:span', lazy: async () => ({ Component: (await import('@/features/story/StoryPage')).StoryPage }) },
  {
    path: 'settings/spotify',
    lazy: async () => ({ Component: (await import('@/features/settings/spotify/SpotifyReturnPage')).SpotifyReturnPage }),
  },
  { path: 'settings', lazy: async () => ({ Component: (await import('@/features/settings/SettingsPage')).SettingsPage }) },
];

export function createRouter() {
  return createBrowserRouter([
    {
      element: (
        <>
          <Outlet />
          <ScrollRestoration />
          <FocusOnArrival />
          <FocusStays />
        </>
      ),
      errorElement: <PageFailed />,
      hydrateFallbackElement: <Waiting late={false} />,
      children: [
        { index: true, element: <Welcome /> },
        { path: 'sign-in', element: <Welcome /> },
        {
          path: 'new-password',
          lazy: async () => ({ Component: (await import('./NewPasswordPage')).NewPasswordPage }),
        },
        { path: 's/:token', lazy: async () => ({ Component: (await import('@/features/wrap/SharedPage')).SharedPage }) },
        {
          element: <SignedIn />,
          children: [
            { path: 'wrap/:span', lazy: async () => ({ Component: (await import('@/features/wrap/WrapPage')).WrapPage }) },
            { path: 'wrap', element: <Navigate to="/wraps" replace /> },
            { element: <Shell />, children: [{ errorElement: <PageFailed />, children: pages }] },
          ],
        },
        { path: '*', element: <NotFound /> },
      ],
    },
  ]);
}
