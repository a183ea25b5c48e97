import type { ModelInfo } from '@/api/generated/model';

const NAMES: Record<string, string> = {
  audio_embedder: 'the listening model',
  habit: 'the habit model',
  recommender: 'the recommender',
  narrator: 'the narrator',
};

/** Who answered. Small, always there where a model has a part in what is shown. */
export function ModelNote({ model, className }: { model: ModelInfo; className?: string }) {
  const name = NAMES[model.name] ?? model.name.replaceAll('_', ' ');
  return (
    <p className={`text-muted ${className ?? ''}`}>
      {model.is_fallback ? (
        <>
          <span className="mr-2 rounded-round border border-line px-2.5 py-0.5">plainer answer</span>
          {model.detail ?? 'The model could not be asked just now, so this comes from simple counting.'}
        </>
      ) : (
        <>
          Answered by {name}
          {model.version && `, version ${model.version}`}
        </>
      )}
    </p>
  );
}
