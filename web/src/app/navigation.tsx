/** The pages of one's roles, section by section. */
import type { Role } from '../../../shared/identity/identity.ts';
import { useSession } from '../auth/session.ts';
import { t } from '../messages/en.ts';
import { Go } from '../ui/go.tsx';
import classes from './frame.module.css';
import { usePathname } from './navigate.ts';
import { isFor, type Screen, type Section, titleOf } from './screen.ts';
import { screens } from './screens.ts';

const SECTIONS: readonly Section[] = ['market', 'company', 'provider', 'finance', 'operator', 'account'];

/** What the navigation and the search name for somebody. */
export const screensFor = (roles: readonly Role[], isSignedIn: boolean, isLocal: boolean): Screen[] =>
  screens.filter(
    (screen) => screen.nav !== undefined && (isLocal || screen.isLocal !== true) && isFor(screen, roles, isSignedIn),
  );

export function Navigation({ onGo, isLocal }: { onGo: () => void; isLocal: boolean }) {
  const session = useSession();
  const mine = screensFor(session.status === 'in' ? session.roles : [], session.status === 'in', isLocal);
  return (
    <nav aria-label={t('app.navigation')}>
      {SECTIONS.map((section) => {
        const items = mine.filter((screen) => screen.nav?.section === section);
        if (items.length === 0) return null;
        return (
          <div key={section}>
            <h2 className={classes.section}>{t(`section.${section}`)}</h2>
            <ul className={classes.list}>
              {items.map((screen) => (
                <Item key={screen.path} screen={screen} onGo={onGo} />
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}

function Item({ screen, onGo }: { screen: Screen; onGo: () => void }) {
  const path = usePathname();
  const isHere = screen.path === path || (screen.path !== '/' && path.startsWith(`${screen.path}/`));
  const Icon = screen.nav!.icon;
  return (
    <li>
      <Go
        href={screen.path}
        className={classes.item}
        onGone={onGo}
        onMouseEnter={() => void screen.load()}
        {...(isHere ? { 'aria-current': 'page' as const } : {})}
      >
        <Icon size={18} stroke={1.6} />
        {titleOf(screen)}
      </Go>
    </li>
  );
}
