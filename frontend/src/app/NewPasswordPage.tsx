import { NewPassword } from '@/features/auth/NewPassword';
import { Landing } from '@/features/landing/Landing';

/** Where the link of a forgotten password leads. */
export function NewPasswordPage() {
  return <Landing door={<NewPassword />} />;
}
