import { Link, useParams } from 'react-router';
import { useReadPost } from '@/api/generated';
import { PageHead } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { useTitle } from '@/lib/useTitle';
import { PostCard } from './PostCard';

/** One post with what was said under it: where its news leads. */
export function PostPage() {
  useTitle('A post');
  const post = useReadPost(Number(useParams().id));
  return (
    <>
      <PageHead
        title="A post"
        lead={
          <Link to="/community" className="underline">
            All that the people you follow wrote
          </Link>
        }
      />
      <div className="max-w-3xl">
        <QueryView query={post} what="fetch this post">
          {(data) => <PostCard post={data} />}
        </QueryView>
      </div>
    </>
  );
}
